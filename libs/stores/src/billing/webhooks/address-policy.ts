import { BlockList, isIP, isIPv6 } from 'node:net';

// What is not the public internet: https://www.iana.org/assignments/iana-ipv4-special-registry
const PRIVATE_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16', // link-local, and where clouds have their metadata
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3', // multicast, reserved, broadcast
];
// Of IPv6 only this is the public internet, without what leads to other addresses (6to4, Teredo) or to none.
const PUBLIC_IPV6 = '2000::/3';
const PRIVATE_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/** Adds ranges such as 10.0.0.0/8, or single addresses, to a list. Throws a RangeError for what is none. */
function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', length, more] = range.split('/');
    const most = isIPv6(address) ? 128 : 32;
    const prefix = length === undefined ? most : Number(length);
    if (
      isIP(address) === 0 ||
      !Number.isInteger(prefix) ||
      prefix < 0 ||
      prefix > most ||
      length === '' ||
      more
    )
      throw new RangeError(
        'an allowed address must be an IP address, or a range of them such as 10.1.0.0/16',
      );
    list.addSubnet(address, prefix, isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}

const privateIpv4 = listOf(PRIVATE_IPV4);
const privateIpv6 = listOf(PRIVATE_IPV6);
const publicIpv6 = listOf([PUBLIC_IPV6]);

/** Which addresses webhooks may be sent to: the public internet, and what an operator has allowed by name. */
export class AddressPolicy {
  readonly #allowed: BlockList;

  /** `allowed`: addresses and ranges (10.1.0.0/16) besides the public internet. Throws a RangeError for what is none. */
  constructor(allowed: readonly string[] = []) {
    this.#allowed = listOf(allowed);
  }

  /** Whether an operator has allowed this very address. */
  isAllowedByName(address: string): boolean {
    return isIP(address) !== 0 && this.#allowed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }

  /** Whether a webhook may be sent to this IP address. */
  isAllowed(address: string): boolean {
    if (this.isAllowedByName(address)) return true;
    switch (isIP(address)) {
      case 4:
        return !privateIpv4.check(address);
      case 6:
        return publicIpv6.check(address, 'ipv6') && !privateIpv6.check(address, 'ipv6');
      default:
        return false;
    }
  }
}
