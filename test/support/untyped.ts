/** JSON from outside, and the like: a test looks into it as freely as into what JSON.parse gives. */
export type Untyped = ReturnType<typeof JSON.parse>;
