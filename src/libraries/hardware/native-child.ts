import { SluiceError } from '../../core/errors.ts'
import { answerParent } from '../load/answer-parent.ts'
import { koffiModule } from '../load/koffi.ts'
import { askCuda } from './ask-cuda.ts'
import { askNvml } from './ask-nvml.ts'
import { askVulkan } from './ask-vulkan.ts'

// The process that calls the libraries of drivers, which may crash or hang.

answerParent(async (question) => {
  const koffi = await koffiModule()
  if (question === 'nvml') return askNvml(koffi)
  if (question === 'cuda') return askCuda(koffi)
  if (question === 'vulkan') return askVulkan(koffi)
  throw new SluiceError('internal', 'Nothing that can be asked was named.')
})
