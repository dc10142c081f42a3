import { devices } from '../devices.ts'
import { playAll } from '../play.ts'

playAll('devices', devices)
