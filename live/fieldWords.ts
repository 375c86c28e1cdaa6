/**
 * The words that the API's own field names are made of: those of its pages and its documentation. A
 * name of other words could be a person's, so the report only counts it.
 */
export const FIELD_WORDS = new Set(
	`
	a access activity notes account after all allowed alpha amount and any at auto b back between bill body by
	campaign channel channels client code codes comm conditions config context count counters
	coupon coupons create created creation currency custom customer customers data date days
	default description detailed details disabled discount discounted do dom dow dvs email enabled
	end entity error errors errro errror errrr errrro errrror event exclusive existing expires
	expiry external failed failure fields first firstname fixed flow from given handling head hours
	id identifiers ids in index info is iso issual issue issued item items json last lastname
	latest length limit loyalty map max message min mobile multiple mutual name names non not num
	number numeric offline offset old on org outcome override owned owner pagination per pin pre
	prefix priority product profiles properties property purpose random range reason redeem
	redeemed redemption redemptions referee referral referrals registration required resend
	response revoke revoked rrror same seconds series settings short show signal sms source start
	state status store strategy success suffix sync tag target template terms till time timezone to
	token total transaction transferrable ttl type unit update uploaded upto use used user users
	valid validation validity value values voucher vouchers wanted warnings with
	`.match(/\w+/g) ?? [],
);
