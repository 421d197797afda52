import { SluiceError } from '../../core/errors.ts'
import { field, isRecord } from '../../core/json-record.ts'
import { answerParent } from './answer-parent.ts'
import { openLibrary } from './open-library.ts'

// The process of `probeLibrary`: loads one library and tells what it says of itself.

answerParent(async (question) => {
  const [tag, path] = isRecord(question) ? [field(question, 'tag'), field(question, 'libraryPath')] : []
  if (typeof tag !== 'string' || typeof path !== 'string') throw new SluiceError('internal', 'No library was named.')
  // Its log is for the parent, which shows the end of it when something fails.
  return (await openLibrary(path, { tag, quiet: false })).facts
})
