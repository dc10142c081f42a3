import { groups } from '../groups.ts'
import { playAll } from '../play.ts'

playAll('groups', groups)
