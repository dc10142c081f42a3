import { expect, test } from 'vitest'
import { type Mailserver, type MailserverOptions, mailserver } from '../support/mailserver.ts'
import { chatWith, during, movableClock, type Person, peerIdOf, person, until } from '../support/world.ts'

const mailservers = [peerIdOf('mail')]

async function withMail(options: MailserverOptions, run: (mail: Mailserver) => Promise<void>): Promise<void> {
  const mail = await mailserver('mail', options)
  try {
    await run(mail)
  } finally {
    await mail.stop()
  }
}

for (const order of ['oldest-first', 'newest-first'] as const) {
  test(`F-15 sent while the reader was away longer than the life of an envelope, it arrives once, the sender gone (${order})`, async () => {
    const clock = movableClock()
    await withMail({ clock, order }, async mail => {
      const alice = await person('alice', { clock, mailservers })
      let bob = await person('bob', { clock, mailservers, historyPageLimit: 3 })
      await alice.client.start()
      await bob.client.start()
      const link = mail.link(alice)
      mail.link(bob)
      await alice.client.send(chatWith(bob), { text: 'first' })
      await bob.client.send(chatWith(alice), { text: 'answer' })
      await until('sessions', () => alice.texts().includes('answer') && bob.texts().includes('first'))
      await bob.client.stop()
      for (const number of [1, 2, 3, 4, 5]) {
        const { messageId } = await alice.client.send(chatWith(bob), { text: `away ${number}` })
        await until('archived', async () => {
          const [leg] = (await alice.client.ledger(messageId))?.legs ?? []
          return leg?.envelopes.some(envelope => envelope.archivedBy.includes(mail.peerId)) === true
        })
      }
      link.cut()
      await alice.client.stop()
      clock.forward(120_000)
      bob = await person('bob', { clock, mailservers, historyPageLimit: 3, database: bob.database })
      await during([bob], async () => {
        mail.link(bob)
        await until('all read', () => bob.texts().length >= 5)
        await bob.client.idle()
        expect(bob.texts().sort()).toEqual([1, 2, 3, 4, 5].map(number => `away ${number}`))
        const shown = await bob.client.messages(chatWith(alice))
        expect(shown).toHaveLength(7)
        expect(shown[0]).toMatchObject({ source: { mailserver: mail.peerId }, protection: 'forward-secret' })
        // A place that opened after the link has a request of its own, which may end first.
        const pages = bob.events.history.filter(fact => fact.state === 'done').map(fact => fact.pages ?? 0)
        expect(Math.max(...pages), JSON.stringify(pages)).toBeGreaterThan(1)
      })
    })
  })
}

for (const order of ['oldest-first', 'newest-first'] as const) {
  test(`a reader that loses its server in the middle of a page goes on at the next, whose order is another (${order} first)`, async () => {
    const clock = movableClock()
    const first = await mailserver('first', { clock, order })
    const second = await mailserver('second', {
      clock,
      order: order === 'oldest-first' ? 'newest-first' : 'oldest-first'
    })
    const servers = [first.peerId, second.peerId]
    const alice = await person('alice', { clock, mailservers: servers })
    try {
      await during([alice], async () => {
        first.link(alice)
        second.link(alice)
        await alice.client.joinPublic('room')
        for (let number = 1; number <= 12; number++) {
          const { messageId } = await alice.client.send({ kind: 'public', name: 'room' }, { text: `${number}` })
          await until('archived by both', async () => {
            const [leg] = (await alice.client.ledger(messageId))?.legs ?? []
            const archivedBy = leg?.envelopes.flatMap(envelope => envelope.archivedBy) ?? []
            return servers.every(server => archivedBy.includes(server))
          })
          clock.forward(2000)
        }
      })
      clock.forward(120_000)
      const bob = await person('bob', { clock, mailservers: servers, historyPageLimit: 5, autoHistory: false })
      await during([bob], async () => {
        await bob.client.joinPublic('room')
        const link = first.link(bob)
        second.link(bob)
        await until('linked', () => bob.client.peers().length === 2)
        const before = second.requests.length
        // Half of its second page is here when it goes.
        first.dieInPage(2, () => link.cut())
        const result = await bob.client.fetchHistory({ chats: [{ kind: 'public', name: 'room' }] })
        await bob.client.idle()
        expect(result.mailserver).toBe(second.peerId)
        expect(bob.texts().sort()).toEqual(Array.from({ length: 12 }, (_, at) => `${at + 1}`).sort())
        // Five came whole from the first; the second was asked for the other seven and the edge.
        expect(second.requests.slice(before).map(({ cursor }) => cursor.length)).toEqual([0, 36])
        const states = bob.events.history.map(({ state, mailserver: by }) => [state, by === first.peerId ? 1 : 2])
        expect(states).toEqual([
          ['started', 1],
          ['page', 1],
          ['failed', 1],
          ['started', 2],
          ['page', 2],
          ['page', 2],
          ['done', 2]
        ])
      })
    } finally {
      await first.stop()
      await second.stop()
    }
  })
}

test('F-16 with no mailserver but the sender online, sync delivers what was missed', async () => {
  const clock = movableClock()
  const mail = await mailserver('relay', { clock })
  const alice = await person('alice', { clock })
  const bob = await person('bob', { clock })
  try {
    await during([alice, bob], async () => {
      mail.link(alice)
      const { messageId } = await alice.client.send(chatWith(bob), { text: 'are you there' })
      await until('posted', async () => ((await alice.client.ledger(messageId))?.legs[0]?.attempts ?? 0) > 0)
      clock.forward(60_000)
      mail.link(bob)
      await until('delivered', () => bob.texts().includes('are you there'))
      await until('acknowledged', async () => (await alice.client.ledger(messageId))?.complete === true)
      expect(mail.requests).toEqual([])
    })
  } finally {
    await mail.stop()
  }
})

test('the next request asks for the gap only, with an overlap', async () => {
  const clock = movableClock()
  await withMail({ clock }, async mail => {
    let alice = await person('alice', { clock, mailservers, historyOverlapSeconds: 30 })
    await during([alice], async () => {
      mail.link(alice)
      await until('asked', () => alice.events.history.some(fact => fact.state === 'done'))
    })
    const firstEnd = mail.requests[0]?.upper ?? 0
    clock.forward(7_200_000)
    alice = await person('alice', { clock, mailservers, historyOverlapSeconds: 30, database: alice.database })
    await during([alice], async () => {
      mail.link(alice)
      await until('asked again', () => alice.events.history.some(fact => fact.state === 'done'))
    })
    const second = mail.requests.at(-1)
    expect(mail.requests).toHaveLength(2)
    expect(mail.requests[0]?.upper).toBeGreaterThan(0)
    expect((mail.requests[0]?.upper ?? 0) - (mail.requests[0]?.lower ?? 0)).toBeGreaterThanOrEqual(86_400)
    expect(Math.abs((second?.lower ?? 0) - (firstEnd - 30))).toBeLessThanOrEqual(5)
  })
})

test('A-16 a new topic is asked for by itself; A-11 places we only post to are never asked for', async () => {
  await withMail({}, async mail => {
    const alice = await person('alice', { mailservers })
    await during([alice], async () => {
      mail.link(alice)
      await until('asked for everything', () => alice.events.history.some(fact => fact.state === 'done'))
      const before = mail.requests.length
      await alice.client.joinPublic('news')
      await until('asked again', () => mail.requests.length > before)
      expect(mail.requests).toHaveLength(before + 1)
      // A bloom filter of one topic has at most three bits: nothing else was asked for.
      const bits = [...(mail.requests.at(-1)?.bloom ?? [])].reduce(
        (sum, byte) => sum + byte.toString(2).replaceAll('0', '').length,
        0
      )
      expect(bits).toBeGreaterThan(0)
      expect(bits).toBeLessThanOrEqual(3)
    })
  })
})

test('a history request that fails keeps what came and is asked for again', async () => {
  const clock = movableClock()
  await withMail({ clock }, async mail => {
    const alice = await person('alice', { clock, mailservers, autoHistory: false })
    await during([alice], async () => {
      await expect(alice.client.fetchHistory()).rejects.toMatchObject({ code: 'history-failed' })
      mail.link(alice)
      await until('linked', () => alice.client.connected())
      const result = await alice.client.fetchHistory()
      expect(result.pages).toBe(1)
      expect(mail.requests).toHaveLength(1)
    })
  })
})

test('10.9 with a mailserver at hand the contact code is looked up before the first message', async () => {
  const clock = movableClock()
  await withMail({ clock }, async mail => {
    const bob = await person('bob', { clock })
    await during([bob], async () => {
      const link = mail.link(bob)
      await until('linked', () => bob.client.connected())
      await bob.client.publishContactCode()
      await until('archived', () => mail.archive.size === 1)
      link.cut()
    })
    clock.forward(60_000)
    const alice = await person('alice', { clock, mailservers })
    await during([alice], async () => {
      mail.link(alice)
      await until('linked', () => alice.client.connected())
      const { messageId } = await alice.client.send(chatWith(bob), { text: 'first, and forward secret' })
      await until('posted', async () => ((await alice.client.ledger(messageId))?.legs[0]?.attempts ?? 0) > 0)
      expect((await alice.client.ledger(messageId))?.legs[0]?.protection).toBe('forward-secret')
    })
  })
})

/** A mailserver of this name, and a client that asks this one and another. */
async function withTwo(
  passwords: { readonly first: string; readonly second: string },
  run: (world: { first: Mailserver; second: Mailserver; alice: Person }) => Promise<void>
): Promise<void> {
  const first = await mailserver('first', { password: passwords.first })
  const second = await mailserver('second', { password: passwords.second })
  const alice = await person('alice', {
    autoHistory: false,
    mailservers: [first.peerId, second.peerId],
    mailserverPasswords: { [second.peerId]: 'of the second' }
  })
  try {
    await during([alice], async () => {
      first.link(alice)
      second.link(alice)
      await until('linked', () => alice.client.peers().length === 2)
      await run({ first, second, alice })
    })
  } finally {
    await first.stop()
    await second.stop()
  }
}

test('a mailserver that refuses is left for the next, which has a password of its own', async () => {
  await withTwo({ first: 'another one', second: 'of the second' }, async ({ second, alice }) => {
    expect(await alice.client.fetchHistory()).toMatchObject({ mailserver: second.peerId, pages: 1 })
    expect(alice.events.history.map(({ state, reason }) => [state, reason])).toEqual([
      ['started', undefined],
      ['failed', 'request-refused'],
      ['started', undefined],
      ['page', undefined],
      ['done', undefined]
    ])
  })
})

test('when all mailservers refuse, the error says why', async () => {
  await withTwo({ first: 'another one', second: 'and another' }, async ({ alice }) => {
    await expect(alice.client.fetchHistory()).rejects.toMatchObject({
      code: 'history-failed',
      cause: { code: 'request-refused', message: expect.stringContaining('failed to decrypt p2p request') }
    })
  })
})

test('messages from before the ratchet that an archive gives back are copies, and nobody is told that something was hidden', async () => {
  await withMail({}, async mail => {
    const alice = await person('alice', { mailservers })
    const bob = await person('bob', { mailservers })
    await during([alice, bob], async () => {
      mail.link(alice)
      mail.link(bob)
      await alice.client.send(chatWith(bob), { text: 'before the ratchet' })
      await until('read', () => bob.texts().length === 1)
      expect((await bob.client.messages(chatWith(alice)))[0]).toMatchObject({ protection: 'static-key' })
      await bob.client.send(chatWith(alice), { text: 'answer' })
      await until('answered', () => alice.texts().length === 1)
      const { messageId } = await alice.client.send(chatWith(bob), { text: 'under the ratchet' })
      await until('read', () => bob.texts().length === 2)
      expect(await bob.client.message(messageId)).toMatchObject({ protection: 'forward-secret' })
      await bob.client.fetchHistory({ fromSeconds: Math.floor(Date.now() / 1000) - 3600 })
      await bob.client.idle()
      expect(bob.refusals().map(({ layer, reason, expected }) => [layer, reason, expected])).toContainEqual([
        'sync',
        'replayed',
        true
      ])
      expect(bob.refusals().filter(({ expected }) => !expected)).toEqual([])
      expect(bob.texts()).toEqual(['before the ratchet', 'under the ratchet'])
    })
  })
})

test('history of one chat tells the mailserver of no other', async () => {
  await withMail({}, async mail => {
    const alice = await person('alice', { mailservers, autoHistory: false })
    await during([alice], async () => {
      for (const name of ['news', 'cats', 'dogs']) await alice.client.joinPublic(name)
      mail.link(alice)
      await until('linked', () => alice.client.connected())
      await alice.client.fetchHistory({ chats: [{ kind: 'public', name: 'news' }] })
      expect(alice.events.history.at(-1)).toMatchObject({ interests: 1, state: 'done' })
      await alice.client.fetchHistory({ chats: [{ kind: 'one-to-one', publicKey: alice.client.publicKey }] })
      // Our own topic, and our contact code.
      expect(alice.events.history.at(-1)).toMatchObject({ interests: 2, state: 'done' })
    })
  })
})
