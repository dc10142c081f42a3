export { topicOfName } from '../topic.ts'
export type { Arrival, Destination, Guarantee, Want } from './destination.ts'
export { symmetricKeyOfName } from './keys.ts'
export { guaranteeOf, planInterest, planRoute, statusPow, statusTtlSeconds } from './route.ts'
export {
  contactCodeName,
  negotiatedName,
  partitionedName,
  partitionOf,
  personalDiscoveryName
} from './topics.ts'
