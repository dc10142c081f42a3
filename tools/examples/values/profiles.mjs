import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export default async (own, use) => {
  const password = 'a long password'
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-examples-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const profile = own.profileIn(folder, 'default')
  const secrets = await own.newSecrets()
  await own.createAccount(profile, secrets, password, { lightKdf: true })
  await own.createNodeKey(profile, password, { lightKdf: true })
  const phrase = await own.recoveryPhrase(profile, password)
  const { encryptKeystore } = await use('@status-stack/status-accounts')
  const light = { scrypt: { n: 2, r: 8, p: 1 } }
  const keystore = JSON.parse(await encryptKeystore({ privateKey: new Uint8Array(32).fill(1) }, password, light))
  const backup = { keystore, history: new Uint8Array(3) }
  const file = (name, text) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  return {
    values: {
      folder: () => folder,
      profile: () => profile,
      password: () => password,
      phrase: () => phrase,
      keystore: () => keystore,
      backup: () => backup,
      picture: () => file('photo.png', ''),
      phraseFile: () => file('phrase.txt', phrase),
      backupFile: () => file('backup.json', own.formatBackup({ publicKey: '0x04', ...backup }))
    },
    files: { assertNoProfile: { profile: () => own.profileIn(folder, 'another') } },
    notRun: {
      backupKeystore: 'makes a keystore of the full cost',
      changePassword: 'makes a keystore of the full cost',
      createAccount: 'makes a keystore of the full cost',
      createNodeKey: 'makes a keystore of the full cost',
      newSecrets: 'makes a keystore of the full cost',
      restoreProfile: 'makes a keystore of the full cost',
      eraseAccount: 'deletes a profile',
      eraseFile: 'deletes a file',
      forgetKey: 'asks the keyring of the system',
      formatBackup: 'writes a file',
      keepFilesPrivate: 'is for the whole process',
      openProfile: 'asks the keyring of the system',
      removeDatabase: 'deletes a profile',
      renameProfile: 'moves a profile',
      replaceFile: 'writes a file',
      systemKeyring: 'asks the keyring of the system',
      writeNewFile: 'writes a file'
    }
  }
}
