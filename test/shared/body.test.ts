import { LARGEST_BODY, listIn, parseBody } from '../../nodes/shared/answer/body';

describe('parseBody reads a JSON object and nothing else', () => {
	it.each([
		['{"a":1}', { a: 1 }],
		['  \n{"a":1}\n', { a: 1 }],
		['{}', {}],
	])('%p', (text, object) => {
		expect(parseBody(text)).toEqual(object);
	});

	it.each([
		['nothing', ''],
		['XML', '<response><code>401</code></response>'],
		['HTML', '<!DOCTYPE html><html></html>'],
		['a list', '[1]'],
		['null', 'null'],
		['a number', '7'],
		['a text', '"a"'],
		['JSON cut off', '{"a":'],
		['undefined', undefined],
		['a parsed list', [1]],
		['a parsed null', null],
	])('%s is undefined', (_, body) => {
		expect(parseBody(body)).toBeUndefined();
	});

	it('takes what is already parsed', () => {
		expect(parseBody({ a: 1 })).toEqual({ a: 1 });
	});
});

describe('parseBody keeps integers whole', () => {
	it.each([
		['9007199254740991', 9007199254740991],
		['-9007199254740991', -9007199254740991],
		['9007199254740993', '9007199254740993'],
		['-9007199254740993', '-9007199254740993'],
		['12345678901234567890', '12345678901234567890'],
		['1234567890123456.5', 1234567890123456.5],
		['0.30000000000000004', 0.30000000000000004],
		['3.3333333333333335', 3.3333333333333335],
		['1e20', 1e20],
		['868760', 868760],
	])('%s', (number, value) => {
		expect(parseBody(`{"id":${number},"in":[${number}]}`)).toEqual({ id: value, in: [value] });
	});

	it('and leaves digits in texts alone', () => {
		const text = 'code 12345678901234567890, a "quote" and \\ 9007199254740993';
		const body = JSON.stringify({ text, '12345678901234567890': 1, id: 0 });
		expect(parseBody(body)).toEqual({ text, '12345678901234567890': 1, id: 0 });
	});
});

describe('parseBody is not harmed by hostile bodies', () => {
	it('drops __proto__ keys at every depth', () => {
		const body = parseBody('{"a":{"__proto__":{"hacked":true},"b":[{"__proto__":{"hacked":1}}]}}');
		expect(JSON.stringify(body)).toBe('{"a":{"b":[{}]}}');
		expect(({} as Record<string, unknown>).hacked).toBeUndefined();
	});

	it('says no to what is nested too deep', () => {
		expect(parseBody(`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)).toBeUndefined();
	});

	it('does not look for the end of a text that is cut off again and again', () => {
		const body = `{"id":12345678901234567890,"a":"${'\\"'.repeat(100_000)}`;
		expect(parseBody(body)).toBeUndefined();
	});

	it('says no to what is too large', () => {
		expect(parseBody(`{"a":"${'x'.repeat(LARGEST_BODY)}"}`) === undefined).toBe(true);
	});
});

describe('listIn finds the objects of a v1.1 container', () => {
	const one = { id: '1' };
	it.each([
		['a list', { coupon: [one, one] }, [one, one]],
		['a single object in place of a list', { coupon: one }, [one]],
		['an empty object in place of a list', { coupon: {} }, []],
		['{}', {}, []],
		['[]', [], []],
		['a list without its key', [one], [one]],
		['a single object without its key', one, [one]],
		['null', null, []],
		['undefined', undefined, []],
		['a text', '', []],
		['null under the key', { coupon: null }, []],
		['things that are no objects', { coupon: [null, 'a', 1, one] }, [one]],
	])('%s', (_, container, list) => {
		expect(listIn(container, 'coupon')).toEqual(list);
	});
});
