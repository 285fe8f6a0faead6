import { describe, expect, it } from '@jest/globals';
import { regionOf } from './s3-client.js';

describe('the region that requests are signed for', () => {
  it.each([
    ['https://account.r2.cloudflarestorage.com', 'auto'],
    ['https://account.eu.r2.cloudflarestorage.com', 'auto'],
    ['https://s3.eu-central-1.amazonaws.com', 'eu-central-1'],
    ['https://s3.amazonaws.com', 'us-east-1'],
    ['http://127.0.0.1:9000', 'us-east-1'],
  ])('of %s is %s', (endpoint, region) => {
    expect(regionOf(endpoint)).toBe(region);
  });
});
