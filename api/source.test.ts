import { expect, test } from 'vitest'
import { sourceOf } from './source.ts'

test.each([
  ['10.2.3.4', '10.2.3.4'],
  ['::ffff:10.2.3.4', '10.2.3.4'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:1:2:ffff::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
])('tries from %s are those of %s', (address, source) => expect(sourceOf(address)).toBe(source))
