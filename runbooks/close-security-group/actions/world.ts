import { isIPv6 } from 'node:net';

/** Nobody holds so much for itself: the widest allocations that there are, 10.0.0.0/8 included. */
const WIDEST_IPV4 = 8;
const WIDEST_IPV6 = 16;

/**
 * Whether a range is the world, or so large a part of it that two or a few rules make the whole: 0.0.0.0/1 and
 * 128.0.0.0/1 are the usual way around a check for 0.0.0.0/0.
 */
export function isWorld(cidr: string): boolean {
  const [address = '', length = ''] = cidr.split('/');
  if (!/^\d{1,3}$/.test(length)) return false;
  return Number(length) < (isIPv6(address) ? WIDEST_IPV6 : WIDEST_IPV4);
}
