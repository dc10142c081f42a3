import { Resolver } from 'node:dns/promises'
import type { TxtResolver } from '../ports.ts'

/** A resolver instance of our own: what it is set to changes nothing for the rest of the process. */
export function ownResolver(servers?: readonly string[]): TxtResolver {
  const resolver = new Resolver()
  if (servers !== undefined) resolver.setServers(servers)
  return {
    txt: async (name, { signal }) => {
      const abort = (): void => {
        resolver.cancel()
      }
      signal.addEventListener('abort', abort, { once: true })
      try {
        return await resolver.resolveTxt(name)
      } finally {
        signal.removeEventListener('abort', abort)
      }
    }
  }
}
