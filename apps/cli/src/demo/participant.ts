import { createInterface } from 'node:readline'
import { createAccount } from '@status-stack/account-rpc'
import { parseKey, parseTarget } from '@status-stack/account-rpc/targets'
import {
  chatView,
  deliveryView,
  deviceView,
  historyView,
  messageView,
  refusedView
} from '@status-stack/account-rpc/words'
import { openAccount } from '@status-stack/profiles'
import { describeError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { ofProfile, withPassword } from '../password.ts'
import { profileOf } from '../profile.ts'
import { type Stack, startStack } from '../stack.ts'
import { createHolding, type Holding } from './held-link.ts'
import type { Request } from './protocol.ts'

export interface ParticipantOptions {
  readonly syncRetryMs?: number
}

/** One person of the demo: a full client in a process of its own, told what to do through stdin. */
export async function takePart(options: ParticipantOptions, globals: Globals, output: Output): Promise<void> {
  const profile = profileOf(globals)
  const account = await withPassword(ofProfile(globals), password => openAccount(profile, password))
  const holding = createHolding()
  const stack = await startStack(
    profile,
    account,
    {
      privacy: globals.privacy,
      peers: globals.peers,
      mailservers: globals.mailservers,
      wrapLink: holding.wrap,
      syncRetryMs: options.syncRetryMs
    },
    output
  )
  const { client } = stack
  const say = (view: { event: { event: string }; text: string }): void => output.data(view.event, view.text)
  const served = createAccount(client)
  served.on('message', message => say(messageView(message)))
  served.on('delivery', fact => say(deliveryView(fact)))
  served.on('refused', fact => say(refusedView(fact)))
  served.on('history', fact => say(historyView(fact)))
  served.on('chat', chat => say(chatView(chat)))
  served.on('device', device => say(deviceView(device)))
  client.on('trace', fact => output.data({ event: 'trace', ...fact }, fact.did))
  client.on('peer', fact => output.data({ event: 'attached', state: fact.state }, fact.state))
  output.data({ event: 'ready' }, 'ready')
  try {
    for await (const line of createInterface({ input: process.stdin })) {
      const { id, ...request } = JSON.parse(line) as { readonly id: number } & Request
      if (request.do === 'stop') {
        output.data({ event: 'reply', id, ok: true }, 'stopping')
        break
      }
      try {
        output.data({ event: 'reply', id, ok: true, ...(await perform(request, stack, holding)) }, 'done')
      } catch (error) {
        const { code, message } = describeError(error)
        output.data({ event: 'reply', id, ok: false, code, message }, message)
      }
    }
  } finally {
    await stack.stop()
    served.stop()
  }
}

async function perform(request: Request, { client, host }: Stack, holding: Holding): Promise<object> {
  switch (request.do) {
    case 'join':
      await client.joinPublic(request.name)
      return {}
    case 'send':
      return client.send(parseTarget(request.to), { text: request.text })
    case 'hold':
      holding.holdNext()
      return {}
    case 'held':
      await holding.held()
      return {}
    case 'release':
      await holding.release()
      return {}
    case 'traffic': {
      const { framesIn, framesOut, bytesIn, bytesOut } = host.metrics()
      return { framesIn, framesOut, bytesIn, bytesOut }
    }
    case 'create-group':
      return { group: (await client.createGroup(request.name, request.members.map(parseKey))).id }
    case 'join-group':
      await client.joinGroup(request.group)
      return {}
    case 'remove-from-group':
      await client.removeFromGroup(request.group, parseKey(request.member))
      return {}
    case 'pair':
      await client.pair(request.name, 'demo')
      return {}
    case 'enable-device':
      await client.enableDevice(request.installationId)
      return {}
    case 'stop':
      return {}
  }
}
