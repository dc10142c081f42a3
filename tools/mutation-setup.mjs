// Files of tests share a thread, in which the mutant of the file before is still switched on. What a file makes while it is loaded has to be made without
// it: a file that fails there has no tests that could fail, so the mutant would count as one that nobody noticed. Stryker switches it on for the tests.
const stryker = globalThis.__stryker__
if (stryker !== undefined) stryker.activeMutant = undefined
