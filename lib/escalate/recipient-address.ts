import { Token } from 'aws-cdk-lib';
import { sha256 } from '../model/ids';

const EMAIL =
  /^[^\s@<>,;"']{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$/;
/** E.164: a plus, a country code that does not start with 0, 15 digits at most. */
const E164 = /^\+[1-9]\d{6,14}$/;

export function checkEmail(address: string): string {
  if (!Token.isUnresolved(address) && !EMAIL.test(address)) {
    throw new Error(`Recipient.email: '${address}' is not an e-mail address; write one like 'oncall@example.com'`);
  }
  return address;
}

export function checkPhoneNumber(number: string): string {
  if (!Token.isUnresolved(number) && !E164.test(number)) {
    throw new Error(
      `Recipient.sms: '${number}' is not a phone number in E.164 form; write '+', the country code and the number, ` +
        "digits only: '+491701234567'",
    );
  }
  return number;
}

export function checkHttpsUrl(what: string, url: string): string {
  if (Token.isUnresolved(url)) return url;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'https:') {
    throw new Error(
      `${what}: '${withoutSecrets(url)}' is not an https URL; write one like 'https://pager.example.com/in'`,
    );
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new Error(
      `${what}: the URL of '${parsed.host}' holds a user name or password; leave it out, it would stand in the template`,
    );
  }
  return url;
}

/** What follows the host may be a secret, even in a URL that is refused. */
function withoutSecrets(url: string): string {
  return url.replace(/^([a-z]+:\/\/)?(?:[^/?#]*@)?([^/?#]*).*$/isu, '$1$2');
}

/** `a***@example.com`: who it is can be told, the address cannot be read off a timeline. */
export function maskedEmail(address: string): string {
  if (Token.isUnresolved(address)) return 'e-mail';
  return address.replace(/^(.).*@/, '$1***@');
}

export function maskedNumber(number: string): string {
  if (Token.isUnresolved(number)) return 'SMS';
  return `SMS ${number.slice(0, 3)}***${number.slice(-2)}`;
}

export function hostOf(what: string, url: string): string {
  return Token.isUnresolved(url) ? what : `${what} ${new URL(url).host}`;
}

/** Short and stable: the same address has the same id in every deploy. */
export function recipientId(kind: string, key: string): string {
  return `${kind}-${sha256(key).slice(0, 12)}`;
}
