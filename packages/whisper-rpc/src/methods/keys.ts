import { publicKeyOf } from '@status-stack/crypto'
import type { Core } from '../core.ts'
import { failed } from '../errors.ts'
import { assertPrivateKey } from '../keys.ts'
import { type Method, method } from '../method.ts'
import { text } from '../values/go-json.ts'
import { bytes, toHex } from '../values/hex.ts'

/** Keys that the node holds for its clients. */
export function keyMethods({ keys }: Core): Readonly<Record<string, Method>> {
  return {
    shh_newKeyPair: method([], () => keys.newKeyPair()),
    shh_addPrivateKey: method([bytes], ([privateKey]) => {
      assertPrivateKey(privateKey)
      return keys.addPrivateKey(privateKey)
    }),
    shh_deleteKeyPair: method([text], async ([id]) => {
      if (!(await keys.deleteKeyPair(id))) throw failed(`key pair ${id} not found`)
      return true
    }),
    shh_hasKeyPair: method([text], ([id]) => keys.hasKeyPair(id)),
    shh_getPublicKey: method([text], async ([id]) => {
      const privateKey = await keys.privateKey(id)
      const publicKey = publicKeyOf(privateKey)
      privateKey.fill(0)
      return toHex(publicKey)
    }),
    shh_getPrivateKey: method([text], async ([id]) => toHex(await keys.privateKey(id))),
    shh_newSymKey: method([], () => keys.newSymmetricKey()),
    shh_addSymKey: method([bytes], ([key]) => {
      if (key.length !== 32) throw failed(`wrong key size: ${key.length}`)
      return keys.addSymmetricKey(key)
    }),
    shh_generateSymKeyFromPassword: method([text], ([password]) => keys.symmetricKeyFromPassword(password)),
    shh_hasSymKey: method([text], ([id]) => keys.hasSymmetricKey(id)),
    shh_getSymKey: method([text], ([id]) => toHex(keys.symmetricKey(id))),
    shh_deleteSymKey: method([text], ([id]) => keys.deleteSymmetricKey(id))
  }
}
