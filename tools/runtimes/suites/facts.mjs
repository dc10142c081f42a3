// What the packages chose to work with in this runtime.
import { ecBackend, hashBackend, prepareNonceSearch } from '@status-stack/crypto'

/** Names of the implementations in use. */
export function facts() {
  return { curve: ecBackend().name, hash: hashBackend(), powKernel: prepareNonceSearch(new Uint8Array(131)).variant }
}
