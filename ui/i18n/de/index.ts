import { add } from './add.ts'
import { common } from './common.ts'
import { detail } from './detail.ts'
import { frame } from './frame.ts'
import { libraries } from './libraries.ts'
import { list } from './list.ts'
import { models } from './models.ts'
import { settings } from './settings.ts'
import { state } from './state.ts'
import { statistics } from './statistics.ts'

export const catalogue = { add, common, detail, frame, libraries, list, models, settings, state, statistics }
