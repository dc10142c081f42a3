import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EnvelopeStore } from '../../src/index.ts'
import { createPostgresStore } from '../../src/postgres/index.ts'
import { envelopeStoreCases } from '../../src/testing/index.ts'
import { type Postgres, postgresBinaries, startPostgres } from '../support/postgres.ts'

if (postgresBinaries === undefined) console.log('skipped: no PostgreSQL here (Debian: apt-get install postgresql)')

describe.skipIf(postgresBinaries === undefined)('PostgreSQL', () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres(postgresBinaries ?? '')
  }, 120_000)
  afterAll(() => postgres?.stop(), 60_000)

  const uris = new WeakMap<EnvelopeStore, string>()
  const openAt = async (uri: string): Promise<EnvelopeStore> => {
    const store = createPostgresStore({ uri })
    uris.set(store, uri)
    await store.open()
    return store
  }
  const factory = {
    create: async () => openAt(await postgres.fresh()),
    reopen: (closed: EnvelopeStore) => openAt(uris.get(closed) ?? '')
  }

  for (const { name, run } of envelopeStoreCases(factory)) test(name, run)
  test('x', () => expect(1).toBe(1))
})
