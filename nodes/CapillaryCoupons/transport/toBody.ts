import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

/** Adds fields to a request's JSON body. */
export function toBody(request: IHttpRequestOptions, fields: IDataObject): void {
	request.body = { ...(request.body as IDataObject | undefined), ...fields };
}
