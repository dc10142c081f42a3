// What the recordings show. A scene waits for what the program says: one that no longer works fails.

const enode = /enode:\/\/[0-9a-f]{128}@[\d.:]+/

/** Alice and Bob, who have each other as contacts. They met at a node that the scene does not show. */
async function introduce(stage) {
  const node = await stage.beside(enode, 'mailserver', '--ephemeral', '--listen', '127.0.0.1:0')
  const keys = new Map()
  for (const name of ['alice', 'bob']) {
    const made = stage.aside('--json', '--profile', name, 'init', '--light-kdf')
    keys.set(name, JSON.parse(made.split('\n')[0]).text)
  }
  const meet = (whose, ...words) => stage.aside('--profile', whose, ...words, '--peer', node, '--mailserver', node)
  // Each fetches what the other wrote, so that both have keys and the first message that is shown is forward secret.
  meet('alice', 'contacts', 'add', keys.get('bob'), '--name', 'Bob')
  meet('bob', 'fetch')
  meet('bob', 'contacts', 'add', keys.get('alice'), '--name', 'Alice')
  meet('alice', 'fetch')
  meet('bob', 'fetch')
  return node
}

export const scenes = {
  /** What `npm start` shows. */
  demo: {
    title: 'The demo: a relay with an archive, and Alice, Bob and Carol as processes of their own',
    panes: ['demo'],
    columns: 110,
    rows: 32,
    play: {
      run: async stage => {
        await stage.type('demo', 'status-stack demo')
        await stage.until('demo', /All steps worked: /)
        await stage.rest(4)
      }
    }
  },

  chat: {
    title: 'Alice and Bob talk to each other',
    panes: ['Alice', 'Bob'],
    columns: 132,
    rows: 24,
    play: {
      prepare: async stage => void stage.aside('config', 'set', 'peers', await introduce(stage)),
      run: async stage => {
        await stage.type('Alice', 'status-stack --profile alice chat --to Bob')
        await stage.type('Bob', 'status-stack --profile bob chat --to Alice')
        for (const name of ['Alice', 'Bob']) await stage.until(name, /1 peer/)
        await stage.rest(1)
        await stage.type('Alice', 'are we still on for tonight?')
        await stage.until('Bob', /still on for tonight/)
        await stage.rest(1)
        await stage.type('Bob', 'yes — eight o’clock, the usual place')
        await stage.until('Alice', /the usual place/)
        await stage.rest(1)
        await stage.type('Alice', 'see you there 👋')
        await stage.until('Bob', /see you there/)
        await stage.rest(3)
        for (const name of ['Alice', 'Bob']) await stage.type(name, '/quit')
        for (const name of ['Alice', 'Bob']) await stage.until(name, /^\$\s*$/m)
      }
    }
  },

  mailserver: {
    title: 'A mailserver keeps what Alice writes while Bob is offline',
    panes: ['the mailserver', 'Alice, then Bob'],
    columns: 150,
    rows: 24,
    play: {
      prepare: async stage => void (await introduce(stage)),
      run: async stage => {
        await stage.type('the mailserver', 'status-stack mailserver --ephemeral --listen 127.0.0.1:0')
        const [node] = await stage.until('the mailserver', enode)
        for (const key of ['peers', 'mailservers']) stage.aside('config', 'set', key, node)
        await stage.rest(1)
        const to = 'Alice, then Bob'
        await stage.type(to, '# Bob is offline when Alice writes')
        await stage.type(to, 'status-stack --profile alice send --to Bob "see you at eight"')
        await stage.until(to, /sent to Bob[\s\S]*^\$\s*$/m)
        await stage.rest(2)
        await stage.type(to, '# Bob is back, and asks for what he has missed')
        await stage.type(to, 'status-stack --profile bob fetch')
        await stage.until(to, /Alice: see you at eight[\s\S]*1 new message[\s\S]*^\$\s*$/m)
        await stage.rest(3)
      }
    }
  }
}
