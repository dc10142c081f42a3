// Optional inputs accept `undefined`, so that callers with `exactOptionalPropertyTypes` can pass on what may be missing. Checked by the compiler only.
import type { Host } from '@status-stack/devp2p-transport'
import type { Discovery } from '@status-stack/devp2p-transport/discovery'
import type {
  HistoryQuery,
  MessageToPost,
  OutgoingContext,
  PeerLink,
  PrivacyLayer,
  SyncLayer
} from '@status-stack/interface'
import type { ContactLink, KeystoreKey } from '@status-stack/status-accounts'
import type { Sealer } from '@status-stack/status-pfs'
import type { Whisper } from '@status-stack/whisper'
import type { Mailserver } from '@status-stack/whisper-mailserver'

interface Maybe {
  readonly signal: AbortSignal | undefined
  readonly bytes: Uint8Array | undefined
  readonly text: string | undefined
  readonly number: number | undefined
  readonly flag: boolean | undefined
}

type First<F extends (...args: never[]) => unknown> = Parameters<F>[0]

export function passOn({ signal, bytes, text, number, flag }: Maybe): void {
  const rest = { signal, ttlSeconds: number, targetPeer: text, signer: undefined }
  void ({ ...rest, pow: undefined, onProgress: undefined } satisfies Partial<First<Whisper['post']>>)
  void ({ ...rest, padding: bytes } satisfies Partial<First<Whisper['postEnvelope']>>)
  void (rest satisfies Partial<MessageToPost<unknown>>)
  void ({ topics: undefined, src: bytes, minPow: number, allowP2P: flag } satisfies Partial<
    First<Whisper['filters']['add']>
  >)
  void ({ cursor: bytes, password: text, signal } satisfies Partial<HistoryQuery<unknown>>)
  void ({ pageLimit: number, attempts: number, resume: undefined, signal } satisfies Partial<
    Parameters<Whisper['mailserver']['range']>[1]
  >)
  void ({ bloom: bytes, pageLimit: number, cursor: bytes, signal } satisfies Partial<Parameters<Mailserver['sync']>[2]>)
  void ({ signal } satisfies Parameters<Whisper['subscribe']>[1])
  void ({ signal } satisfies Parameters<PrivacyLayer['subscribe']>[1])
  void ({ rendezvous: bytes } satisfies Parameters<PrivacyLayer['planRoute']>[1])
  void ({ signal, isConstant: flag } satisfies Parameters<PeerLink['send']>[2])
  void ({ device: text } satisfies Parameters<SyncLayer['receive']>[2])
  void ({ signal, static: flag, trusted: flag } satisfies Parameters<Host['dial']>[1])
  void ({ trusted: flag } satisfies Parameters<Host['addStatic']>[1])
  void ({ signal } satisfies First<Host['start']>)
  void ({ signal } satisfies First<Discovery['randomNodes']>)
  void ({ signal } satisfies First<Sealer['expire']>)
  void ({ lastClock: number, ensName: text } satisfies Partial<OutgoingContext>)
  void ({ enodes: undefined, mailserver: text } satisfies Partial<ContactLink>)
  void ({ extendedKey: text, subAccountIndex: number } satisfies Partial<KeystoreKey>)
}
