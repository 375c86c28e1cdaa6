import type { RequestContext } from '../requests';
import { isObject } from '../requests';
import type { Answer } from '../types';

/** `POST /v3/oauth/token/generate`, public documentation "OAuth". Every call makes a new token. */
export function generateToken({ call, auth, settings }: RequestContext): Answer {
	const given = isObject(call.body) ? call.body : {};
	const accessToken = auth.createToken(given.key, given.secret);
	if (accessToken === undefined) {
		const error = { code: 320001, message: 'Invalid client key and secret' };
		const body = { data: null, errors: [error] };
		return { status: settings.tokenErrorStatus, body, outcome: 'unauthorized' };
	}
	const ttlSeconds = settings.announcedTokenLifeSeconds ?? settings.tokenLifeSeconds;
	return { status: 200, body: { data: { accessToken, ttlSeconds }, errors: null }, outcome: 'ok' };
}
