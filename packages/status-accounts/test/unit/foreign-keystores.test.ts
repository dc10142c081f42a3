import { readFileSync } from 'node:fs'
import { bytesToHex } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { decryptKeystore } from '../../src/index.ts'

const file = (name: string): string => readFileSync(`${import.meta.dirname}/../recorded/keystores/${name}.json`, 'utf8')
const key = '4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318'
const accented = 'pässword ☂'

test.each([
  ['ethers-6', accented, key],
  ['ethers-6-geth-checked', accented, key],
  ['ethers-6-mnemonic', accented, 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'],
  ['web3-4-scrypt', accented, key],
  ['web3-4-pbkdf2', accented, key],
  ['web3-4-leading-zeros', accented, key.replace('4c08', '0000')],
  ['ethereumjs-wallet-1-scrypt', accented, key],
  ['ethereumjs-wallet-1-pbkdf2', accented, key],
  ['ethereumjs-wallet-1-n2', '', key],
  ['eth-account-scrypt', accented, key],
  ['eth-account-pbkdf2', accented, key],
  ['eth-account-bytes-password', Uint8Array.of(0xff, 0xfe, 0, 0x70, 0x77), key],
  ['geth2015-capital-Crypto', 'testpass', '968160fd6e5ea2cd6e8e6bd0171f3f5cca23158e78e69ffd7ab6a73e6e6edabc'],
  ['geth-no-address', 'foobar', '539f9b4106fb452408e1ee43d177077f057a8fdc1e1fad92c61e68982b4e3c4b'],
  ['geth-very-light', '', '33ff86a4a29a842eedd42a84f569d945c771857d4ddb639de730a547f08030c3'],
  ['31_byte_key', 'foo', '00fa7b3db73dc7dfdf8c5fbdb796d741e4488628c41fc4febd9160a866ba0f35'],
  ['wikipage_test_vector_scrypt', 'testpassword', '7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d']
])('I-3 a file of %s opens', async (name, password, expected) => {
  const opened = await decryptKeystore(file(name), password)
  expect(bytesToHex(opened.privateKey)).toBe(expected)
  expect(opened.address).toHaveLength(20)
})
