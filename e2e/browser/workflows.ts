const next = (name: string) => [{ node: name, type: 'main', index: 0 }];

const trigger = {
	id: '1',
	name: 'Start',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

export const onlyTrigger = {
	name: 'First coupon',
	nodes: [trigger],
	connections: {},
	settings: { executionOrder: 'v1' },
};

/** Three customers, one of whom Capillary does not know: two coupons, one item on the error output. */
export const errorBranch = {
	name: 'Welcome coupons',
	nodes: [
		trigger,
		{
			id: '2',
			name: 'New customers',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			position: [200, 0],
			parameters: {
				mode: 'raw',
				jsonOutput: JSON.stringify({
					customers: [
						{ mobile: '918028464628' },
						{ mobile: '910000000000' },
						{ mobile: '1234512345' },
					],
				}),
				options: {},
			},
		},
		{
			id: '3',
			name: 'One by one',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			position: [400, 0],
			parameters: { fieldToSplitOut: 'customers', options: {} },
		},
		{
			id: '4',
			name: 'Capillary Coupons',
			type: 'n8n-nodes-capillary.capillaryCoupons',
			typeVersion: 1,
			position: [600, 0],
			onError: 'continueErrorOutput',
			parameters: {
				operation: 'issue',
				seriesId: { __rl: true, mode: 'id', value: '868760' },
				customerIdentifierType: 'mobile',
				customerIdentifier: '={{ $json.mobile }}',
			},
			credentials: { capillaryApi: { id: '', name: '' } },
		},
		{
			id: '5',
			name: 'Send the code',
			type: 'n8n-nodes-base.noOp',
			typeVersion: 1,
			position: [840, -110],
			parameters: {},
		},
		{
			id: '6',
			name: 'Tell the team',
			type: 'n8n-nodes-base.noOp',
			typeVersion: 1,
			position: [840, 110],
			parameters: {},
		},
	],
	connections: {
		Start: { main: [next('New customers')] },
		'New customers': { main: [next('One by one')] },
		'One by one': { main: [next('Capillary Coupons')] },
		'Capillary Coupons': { main: [next('Send the code'), next('Tell the team')] },
	},
	settings: { executionOrder: 'v1' },
};
