import { errorsOfV11, errorsOfV2, errorsOfXml } from '../../nodes/shared/answer/envelope';

const NO = { code: 707, message: 'no' };

describe('errors of the v2 envelope', () => {
	it.each([
		['a list', { errors: [{ status: false, ...NO }] }, [NO]],
		[
			'several',
			{ errors: [NO, { code: 701, message: 'who' }] },
			[NO, { code: 701, message: 'who' }],
		],
		['a code as text', { errors: [{ code: '707', message: 'no' }] }, [NO]],
		['errorCode in place of code', { errors: [{ errorCode: 707, message: 'no' }] }, [NO]],
		['a single object', { errors: NO }, [NO]],
		['texts', { errors: ['no'] }, [{ message: 'no' }]],
		['a container', { errors: { error: [NO] } }, [NO]],
		['an empty object beside one that speaks', { errors: [{}, NO] }, [NO]],
		['an object that only says false', { errors: [{ success: false }] }, [{}]],
		['blanks around the message', { errors: [{ ...NO, message: ' no ' }] }, [NO]],
		['a message that is no text', { errors: [{ code: 707, message: 7 }] }, [{ code: 707 }]],
		['a code of blanks', { errors: [{ code: ' ', message: 'no' }] }, [{ message: 'no' }]],
		['no code', { errors: [{ message: 'no' }] }, [{ code: undefined, message: 'no' }]],
		['no message', { errors: [{ code: 707, message: ' ' }] }, [{ code: 707, message: undefined }]],
		['an error alone', { error: NO }, [NO]],
		['success false alone', { success: false, ...NO }, [NO]],
		['success "false" alone', { success: 'false', ...NO }, [NO]],
		['a status that failed', { status: { success: false, ...NO } }, [NO]],
	])('%s', (_, body, errors) => {
		expect(errorsOfV2(body)).toEqual(errors);
	});

	it.each([
		['an empty list', { errors: [], data: [] }],
		['null', { errors: null, data: {} }],
		['none', { data: [] }],
		['success true', { success: true, message: 'fine' }],
		['objects that cannot be made a text', { success: { toString: 1 }, code: { valueOf: 1 } }],
		['a status that is well', { status: { success: 'true', code: 200, message: 'Success' } }],
	])('none in: %s', (_, body) => {
		expect(errorsOfV2(body)).toEqual([]);
	});
});

describe('errors of the v1.1 envelope', () => {
	const status = (success: unknown, code: unknown, message = 'no') => ({ success, code, message });
	const OK = status('true', 200, 'Success');

	it.each([
		['success "false"', status('false', 500), 500],
		['success false', status(false, 500), 500],
		['success "FALSE"', status('FALSE', 500), 500],
		['code "401" with success "true"', status('true', '401'), 401],
		['code 403 with success "true"', status('true', 403), 403],
		['code "498" with success true', status(true, '498'), 498],
		['code 429 with success "true"', status('true', 429), 429],
	])('%s in the status', (_, failed, code) => {
		expect(errorsOfV11({ response: { status: failed } })).toEqual([{ code, message: 'no' }]);
	});

	it.each(['false', false])(
		'success %p in the item status stands for the overall one',
		(success) => {
			const item = { item_status: status(success, '701', 'who') };
			const body = (customer: unknown) => ({
				response: { status: status('false', 500), customers: { customer } },
			});
			const errors = [{ code: 701, message: 'who' }];
			expect(errorsOfV11(body([item]))).toEqual(errors);
			expect(errorsOfV11(body(item))).toEqual(errors);
		},
	);

	it.each([
		['all well', { status: OK, customers: { customer: [{ item_status: status('true', 1000) }] } }],
		['no status', { customers: {} }],
		['no response', undefined],
		['a text', 'fine'],
	])('none in: %s', (_, response) => {
		expect(errorsOfV11({ response } as never)).toEqual([]);
	});
});

describe('errors of an XML body', () => {
	const xml = (success: string, code: string) =>
		`<?xml version="1.0"?><response><success>${success}</success><code>${code}</code><message>Unauthorized</message></response>`;

	it('holds code and message', () => {
		expect(errorsOfXml(xml('false', '401'))).toEqual([{ code: 401, message: 'Unauthorized' }]);
	});
	it('believes the code, not success', () => {
		expect(errorsOfXml(xml('true', '401'))).toEqual([{ code: 401, message: 'Unauthorized' }]);
	});
	it.each([xml('true', '200'), '<html><body>Hello</body></html>', '', 'plain'])(
		'none in: %s',
		(text) => {
			expect(errorsOfXml(text)).toEqual([]);
		},
	);
});
