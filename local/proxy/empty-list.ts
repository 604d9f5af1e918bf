import { type ApiCall } from './call';

/** Says in an answer that the emulator did not give it. */
export const COMPLETED_HEADER = 'x-firebreak-completed';

/**
 * Lists of credentials that MiniStack has not at all, neither to make nor to list: nobody can have any, so that the
 * list is empty. Without it a runbook that looks for them would rightly say that it could not.
 */
const LISTS: Readonly<Record<string, string>> = {
  ListServiceSpecificCredentials: 'ServiceSpecificCredentials',
  ListSigningCertificates: 'Certificates',
  ListSSHPublicKeys: 'SSHPublicKeys',
};

/** The empty list in place of an answer "there is no such action"; undefined where the emulator has the last word. */
export function emptyList(
  call: Pick<ApiCall, 'service' | 'operation'>,
  status: number,
  answer: string,
): string | undefined {
  const list = call.service === 'iam' ? LISTS[call.operation] : undefined;
  if (list === undefined || status < 400 || !answer.includes('InvalidAction')) return undefined;
  const { operation } = call;
  return (
    `<${operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${operation}Result>` +
    `<${list}/><IsTruncated>false</IsTruncated></${operation}Result>` +
    `<ResponseMetadata><RequestId>firebreak</RequestId></ResponseMetadata></${operation}Response>`
  );
}

/** Whether an answer to this call has to be looked at. */
export function mayBeEmptyList(call: Pick<ApiCall, 'service' | 'operation'>): boolean {
  return call.service === 'iam' && call.operation in LISTS;
}
