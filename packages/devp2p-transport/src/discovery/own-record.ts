import { addressBytes, isSpecial } from '@status-stack/rlpx/carrier'
import type { Clock } from '../ports.ts'
import type { NodeRecord } from './enr.ts'
import { createLocalRecord, type LocalRecord, type RecordContent } from './signed-record.ts'

/** What our record says about reaching us, as far as it is known now. */
export interface OwnEndpoint {
  /** The address we listen at. */
  readonly address: string
  readonly udpPort: number
  /** 0: unknown. */
  readonly tcpPort: number
}

function contentOf({ address, udpPort, tcpPort }: OwnEndpoint): RecordContent {
  const none = { ip: undefined, udp: undefined, tcp: undefined, ip6: undefined, udp6: undefined, tcp6: undefined }
  const udp = udpPort === 0 ? undefined : udpPort
  const tcp = tcpPort === 0 ? undefined : tcpPort
  // An unspecified listening address is none that others could reach.
  if (isSpecial(address)) return { ...none, udp, tcp }
  return addressBytes(address)?.length === 4
    ? { ...none, ip: address, udp, tcp }
    : { ...none, ip6: address, udp6: udp, tcp6: tcp }
}

/**
 * The record that a node makes for itself when it was given none: signed again whenever its endpoint changes. SPEC: discovery
 * v4, "ENRRequest": every node answers with its current record.
 */
export function createOwnRecord(
  parts: { readonly privateKey: Uint8Array; readonly clock: Clock },
  endpoint: () => OwnEndpoint
): () => NodeRecord {
  let local: LocalRecord | undefined
  return () => {
    const content = contentOf(endpoint())
    local ??= createLocalRecord(parts, content)
    return local.update(content)
  }
}
