/** What is known of profiles without a password: where they are, whose they are, and which process has one open. */
export { ProfileError, type ProfileErrorCode } from './errors.ts'
export { type Holder, isOwnSocket, readHolder, removeHolder, writeHolder } from './folder/holder.ts'
export { peerFile } from './folder/peers.ts'
export {
  allProfiles,
  assertNoProfile,
  closeProfile,
  type Profile,
  profileExists,
  profileIn
} from './folder/profile.ts'
export { readAccount } from './folder/record.ts'
