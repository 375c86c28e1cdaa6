/** @type {import('prettier').Config} */
module.exports = {
  printWidth: 100,
  singleQuote: true,
  trailingComma: 'all',
  useTabs: true,
  overrides: [
    {
      files: ['*.json', '*.yml', '*.md', '.prettierrc.js'],
      options: { useTabs: false, tabWidth: 2 },
    },
  ],
};
