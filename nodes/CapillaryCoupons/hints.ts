import type { NodeHint } from 'n8n-workflow';

const ISSUES = '["issue", "issueMultiple"].includes($parameter.operation)';
const SEVERAL_ITEMS = '$input.all().length > 1';
/** The field that holds the customer, as the user typed it: an expression begins with an equals sign. */
const CUSTOMER =
	'String($rawParameter[$parameter.customerIdentifierType === "id" ? "customerId" : $parameter.customerIdentifierType])';

const isTyped = (value: string) => `!${value}.startsWith("=")`;

/** What the editor says beside the output, before and after a run. */
export const hints: NodeHint[] = [
	{
		type: 'warning',
		message:
			"Each input item issues to the same customer, because the customer is typed in. Drag the customer's field from the input, or turn on 'Execute Once' in the Settings tab.",
		displayCondition: `={{ ${ISSUES} && ${SEVERAL_ITEMS} && ${isTyped(CUSTOMER)} }}`,
		whenToDisplay: 'beforeExecution',
		location: 'outputPane',
	},
	{
		type: 'warning',
		message:
			"Each input item revokes the same coupons, because they are typed in: the second finds none. Turn on 'Execute Once' in the Settings tab.",
		displayCondition: `={{ $parameter.operation === "revoke" && ${SEVERAL_ITEMS} && ($parameter.revokeBy === "customer" ? ${isTyped(CUSTOMER)} : ${isTyped('String($rawParameter.couponCodes)')}) }}`,
		whenToDisplay: 'beforeExecution',
		location: 'outputPane',
	},
	{
		type: 'info',
		message:
			"Each input item looks up the same coupons, because they are typed in. Turn on 'Execute Once' in the Settings tab to look them up once.",
		displayCondition: `={{ $parameter.operation === "getCoupon" && ${SEVERAL_ITEMS} && ${isTyped('String($rawParameter.lookupValues)')} }}`,
		whenToDisplay: 'beforeExecution',
		location: 'outputPane',
	},
	{
		type: 'info',
		message:
			'This node issues real coupons. Pin its output before you test the next steps, so that no more are issued.',
		displayCondition: `={{ ${ISSUES} }}`,
		whenToDisplay: 'afterExecution',
		location: 'outputPane',
	},
	{
		type: 'info',
		message:
			"A customer without coupons returns no item, and the branch ends there. To get an item for each of them, add 'Include Customers Without Coupons' under 'Options'.",
		displayCondition:
			'={{ $parameter.operation === "getCustomerCoupons" && !$parameter.options.includeWithoutCoupons }}',
		whenToDisplay: 'afterExecution',
		location: 'outputPane',
	},
];
