import { describe, expect, it } from '@jest/globals';
import { AddressPolicy } from './address-policy.js';

describe('AddressPolicy', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])(
    'lets webhooks go to the public %s',
    (address) => {
      expect(new AddressPolicy().isAllowed(address)).toBe(true);
    },
  );

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a9fe:a9fe',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2002:7f00:1::',
    '2001:0:1::',
    '2001:db8::1',
    'localhost',
    '',
    '127.1',
  ])('keeps webhooks from %s', (address) => {
    expect(new AddressPolicy().isAllowed(address)).toBe(false);
  });

  it('lets an operator allow more, by address or range', () => {
    const policy = new AddressPolicy(['10.1.0.0/16', '::1']);
    expect(['10.1.255.1', '::1', '8.8.8.8'].map((address) => policy.isAllowed(address))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['10.2.0.1', '127.0.0.1'].map((address) => policy.isAllowed(address))).toEqual([false, false]);
    expect(policy.isAllowedByName('8.8.8.8')).toBe(false);
  });

  it.each(['10.1.0.0/33', 'localhost', '10.0.0.0/', '10.0.0.0/8/1', '::/129', ''])(
    'refuses %j as a range',
    (range) => {
      expect(() => new AddressPolicy([range])).toThrow(RangeError);
    },
  );
});
