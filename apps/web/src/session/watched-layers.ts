import type { PeerLink, SecurityLayer } from '@status-stack/interface'
import { defaultLayers } from '@status-stack/status-client'
import { createWhisper, type Interest, type Route } from '@status-stack/whisper'
import { createStatusLayer } from '@status-stack/whisper/status'
import type { Recorder } from './recorder.ts'
import type { Work } from './work.ts'

/** The layers of 2019, with the proof of work and the sealed messages told to the page. */
export function watchedLayers(work: Work, recorder: Recorder): ReturnType<typeof defaultLayers> {
  const layers = defaultLayers()
  return {
    ...layers,
    privacy: ({ clock, random, logger, store }) => {
      const whisper = createWhisper({ clock, random, logger })
      const layer = createStatusLayer(
        { ...whisper, post: message => work.during(onProgress => whisper.post({ ...message, onProgress })) },
        { store }
      )
      return {
        ...layer,
        planRoute: async (to, hints) => told(await layer.planRoute(to, hints), recorder),
        planInterest: async (me, want) => told(await layer.planInterest(me, want), recorder)
      }
    },
    security: async host => {
      const { sealed, plain } = await layers.security(host)
      return { sealed: watchedSecurity(sealed, recorder), plain: watchedSecurity(plain, recorder) }
    }
  }
}

/** A place, with its key told to the recorder: what the inspector opens envelopes with. */
function told<Place extends Route | Interest>(place: Place, recorder: Recorder): Place {
  if (place.key.kind === 'symmetric') recorder.place(place.key.key)
  return place
}

function watchedSecurity<Receipt>(layer: SecurityLayer<Receipt>, recorder: Recorder): SecurityLayer<Receipt> {
  return {
    ...layer,
    seal: async (bytes, to) => {
      const result = await layer.seal(bytes, to)
      if (result.kind === 'sealed') recorder.sealed(result.bytes, bytes)
      return result
    },
    open: async (bytes, from) => {
      const result = await layer.open(bytes, from)
      if (result.kind === 'message') recorder.sealed(bytes, result.bytes)
      return result
    }
  }
}

/** Packets of Whisper are told by their code in the capability; 1 carries envelopes. */
const messagesCode = 1

/** A link whose packets of envelopes are told to the recorder. */
export function recordedLink(link: PeerLink, recorder: Recorder): PeerLink {
  const peer = link.peerId.slice(0, 8)
  return {
    peerId: link.peerId,
    ...(link.remoteAddress === undefined ? {} : { remoteAddress: link.remoteAddress }),
    get flags() {
      return link.flags
    },
    packets: async function* () {
      for await (const packet of link.packets()) {
        if (packet.code === messagesCode) recorder.packet({ direction: 'in', bytes: packet.payload, peer })
        yield packet
      }
    },
    send: (code, payload, options) => {
      if (code === messagesCode) recorder.packet({ direction: 'out', bytes: payload, peer })
      return link.send(code, payload, options)
    },
    close: link.close
  }
}
