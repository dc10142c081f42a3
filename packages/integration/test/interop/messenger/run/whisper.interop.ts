import { playAll } from '../play.ts'
import { chains } from '../whisper-chain.ts'
import { whisperNodes } from '../whisper-nodes.ts'

playAll('Whisper', [...chains, ...whisperNodes])
