import type { Double } from '.';

/** GetSnapshotBlockPublicAccessState and GetImageBlockPublicAccessState, which moto lacks: as in a new account. */
export const blockPublicAccess: Double = ({ body }) => {
  const call = new URLSearchParams(body.toString('utf8')).get('Action') ?? '';
  const field = call.startsWith('GetImage') ? 'imageBlockPublicAccessState' : 'state';
  return Promise.resolve({
    status: 200,
    contentType: 'text/xml',
    body: `<${call}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><${field}>unblocked</${field}></${call}Response>`,
  });
};
