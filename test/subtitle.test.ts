import { type INodeTypes, Workflow } from 'n8n-workflow';

import { CapillaryCoupons } from '../nodes/CapillaryCoupons/CapillaryCoupons.node';

const nodeType = new CapillaryCoupons();
const nodeTypes = {
	getByName: () => nodeType,
	getByNameAndVersion: () => nodeType,
	getKnownTypes: () => ({}),
} as INodeTypes;

/** What the canvas shows below the node's name. */
function subtitleOf(parameters: object): unknown {
	const node = {
		...{ id: '1', name: 'Coupons', type: 'capillaryCoupons', typeVersion: 1 },
		position: [0, 0] as [number, number],
		parameters: { ...parameters },
	};
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const { subtitle } = nodeType.description;
	const saved = workflow.getNode('Coupons');
	return saved && workflow.expression.getSimpleParameterValue(saved, subtitle, 'internal', {});
}

const series = (value: string, cachedResultName?: string) => ({
	seriesId: { __rl: true, mode: cachedResultName ? 'list' : 'id', value, cachedResultName },
});

describe('the subtitle', () => {
	it.each([
		[
			{ operation: 'issue', ...series('868760', 'Gold star coupons (1000 off, 868760)') },
			'Issue: Gold star coupons',
		],
		[{ operation: 'issueMultiple', ...series('868760') }, 'Issue Multiple: 868760'],
		[{ operation: 'issue', ...series('={{ $json.series }}') }, 'Issue'],
		[{ operation: 'issue', seriesId: '={{ $json.series }}' }, 'Issue'],
		[{ operation: 'issue' }, 'Issue'],
		[{ operation: 'getCoupon', ...series('868760') }, 'Get Coupon'],
		[{ operation: 'getCustomerCoupons' }, 'Get Customer Coupons'],
	])('%j reads %j', (parameters, subtitle) => {
		expect(subtitleOf(parameters)).toBe(subtitle);
	});
});
