// Tests that `npm test` leaves to CI, where `--whole` asks for them: the ten minutes of a contributor's run go to what finds most (decision 0071).
// Each can be run by itself: `npx vitest run PATH`.
export const longTests = [
  // Worlds of several processes, a quarter of a minute of the processor each, of which the packages' own tests know the parts: archives,
  // two protocols, discovery, several programs at one daemon, its queue across restarts, ten nodes, names, metrics, completion in shells.
  'apps/cli/test/process/fetch.test.ts',
  'apps/cli/test/process/mailserver.test.ts',
  'apps/cli/test/process/protocols.test.ts',
  'apps/cli/test/process/discovery.test.ts',
  'apps/cli/test/process/daemon-shared.test.ts',
  'apps/cli/test/process/daemon-queue.test.ts',
  'apps/cli/test/process/ten-nodes.test.ts',
  'apps/cli/test/process/names.test.ts',
  'apps/cli/test/process/metrics.test.ts',
  'apps/cli/test/process/completion-words.test.ts',
  // One-shot commands over a relay that is killed, files of a profile under its old password, profiles of earlier releases: `demo`, `daemon`
  // and the tests of `profiles` and `status-client` know them otherwise.
  'apps/cli/test/process/network.test.ts',
  'apps/cli/test/process/at-rest.test.ts',
  'apps/cli/test/process/releases.test.ts',
  // Two pages of one Chromium: their shared store has tests of its own in Node and in the browser.
  'packages/status-client/test/pages/pages.test.ts',
  // All vectors through the program: the packages' own tests ask them directly.
  'apps/cli/test/process/conformance.test.ts',
  // The messenger in a browser, and the chat on a terminal of its own: what both show, their unit tests know.
  'apps/cli/test/web/camera.test.ts',
  'apps/cli/test/web/groups.test.ts',
  'apps/cli/test/web/messenger.test.ts',
  'apps/cli/test/process/tui-terminal.test.ts',
  // The program against faults of machine, disk, peers and clients: a process for each.
  'apps/cli/test/process/doctor.test.ts',
  'apps/cli/test/process/robustness.test.ts',
  'apps/cli/test/process/daemon-hostile.test.ts',
  'apps/cli/test/process/piped.test.ts',
  // `demo` over every other protocol and carrier: `npm start` plays the first.
  'apps/cli/test/process/demo-carriers.test.ts',
  // Some four hundred processes: every example line of the help texts, as it stands there.
  'apps/cli/test/process/examples.test.ts',
  // Eight thousand messages through a daemon, to see that it keeps nothing of them.
  'apps/cli/test/process/daemon-memory.test.ts',
  // Every line that a newcomer is told to type, on machines of their own.
  'apps/cli/test/process/typed.test.ts',
  // Members of a fleet on PostgreSQL that are killed under load.
  'apps/cli/test/process/fleet/fleet.test.ts',
  // The same of pools of a hundred thousand envelopes.
  'packages/whisper/test/unit/memory-given-back.node.test.ts',
  // A peer against a messenger, a relay and a bridge, for as long and for twice as long.
  'packages/integration/test/fairness/client.test.ts',
  'packages/integration/test/fairness/node.test.ts',
  'packages/integration/test/fairness/waku.test.ts',
  // A stop at every write of groups, devices and archives; `crash.test.ts` beside it stops at those of a conversation.
  'packages/status-client/test/unit/crash-features.test.ts',
  // Networks of a thousand nodes: the presets, and the tables that they reproduce.
  'packages/simulator/test/unit/presets.test.ts',
  // A thousand schedules of loss, reordering and crashes.
  'packages/status-sync/test/properties/simulation.test.ts',
  // Each check of `npm test`, on a copy of the tree with one thing broken on purpose.
  'tools/test/gates.test.mjs',
  // Every block of code in the documentation, run: the packages' READMEs run theirs where they are packed.
  'tools/test/code-blocks.test.mjs',
  // The checks that start a compiler or a runner, on small trees that they have to refuse.
  'tools/test/api-reports.test.mjs',
  'tools/test/docs-check.test.mjs',
  'tools/test/run-tests.test.mjs',
  // Every scene of the documentation, played in a terminal.
  'tools/test/recordings.test.mjs'
]
