/** @import { SessionStore } from '@status-stack/status-pfs' */

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
const answer = request =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/**
 * Two keys that pages can use and nobody can read: they are made once and kept by the browser. One encrypts values, the other hides the names
 * that they are stored under.
 *
 * @param {IDBDatabase} database
 */
async function browserKeys(database) {
  const made = {
    values: await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
    names: await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  }
  const keys = database.transaction('keys', 'readwrite').objectStore('keys')
  /** @type {typeof made | undefined} */
  const found = await answer(keys.get('keys'))
  if (found === undefined) await answer(keys.put(made, 'keys'))
  return found ?? made
}

/** @param {IDBDatabase} database */
const records = database =>
  database.transaction('records', 'readwrite', { durability: 'strict' }).objectStore('records')

/**
 * A store in IndexedDB for the sessions of one device, encrypted. A write names the revision that it read, so two tabs can't undo each other's.
 * Encryption comes before the transaction: one that waits for something else ends by itself.
 *
 * @param {string} name
 * @returns {Promise<SessionStore>}
 */
export async function openVault(name) {
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('keys')
    opening.result.createObjectStore('records')
  }
  const database = await answer(opening)
  const keys = await browserKeys(database)
  const nameOf = (/** @type {Uint8Array} */ id) => crypto.subtle.sign('HMAC', keys.names, Uint8Array.from(id))

  /** Writes or deletes what is stored under `key`, if it still has this revision: one transaction. */
  const change = async (
    /** @type {ArrayBuffer} */ key,
    /** @type {number} */ revision,
    /** @type {object?} */ value
  ) => {
    const store = records(database)
    const stored = await answer(store.get(key))
    if ((stored?.revision ?? 0) !== revision) return false
    // One counter for all: a record that was deleted and made again does not look like the old one.
    const last = (await answer(store.get('last'))) ?? 0
    if (value === null) await answer(store.delete(key))
    else await answer(store.put({ ...value, revision: last + 1 }, key))
    await answer(store.put(last + 1, 'last'))
    return true
  }

  return {
    get: async id => {
      const key = await nameOf(id)
      const stored = await answer(records(database).get(key))
      if (stored === undefined) return undefined
      const how = { name: 'AES-GCM', iv: stored.iv, additionalData: key }
      return {
        record: new Uint8Array(await crypto.subtle.decrypt(how, keys.values, stored.sealed)),
        revision: stored.revision
      }
    },
    put: async (id, record, revision) => {
      const key = await nameOf(id)
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const how = { name: 'AES-GCM', iv, additionalData: key }
      const sealed = await crypto.subtle.encrypt(how, keys.values, Uint8Array.from(record))
      return change(key, revision, { iv, sealed })
    },
    delete: async (id, revision) => revision !== 0 && change(await nameOf(id), revision, null)
  }
}
