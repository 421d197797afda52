import type { Koffi } from '../load/koffi.ts'
import type { VulkanDevice } from './native-answers.ts'
import { checked, loadFirst, textIn } from './native-library.ts'

/* Khronos, "Vulkan Specification": structures as they lie in the memory of 64-bit processes. */

const maxDevices = 64
const noDriver = -9
const incomplete = 5
/** VkInstanceCreateInfo without application, layers and extensions: all but the type is 0. */
const createInfo = { bytes: 64, type: 1 } as const
/** VkPhysicalDeviceProperties has 824 bytes; there is room for more. */
const properties = { bytes: 4096, vendor: 8, type: 16, name: 20, nameBytes: 256 } as const

/** What the loader of Vulkan shows; null without a loader. `not-loadable` where it does not work. */
export function askVulkan(koffi: Koffi): { readonly devices: readonly VulkanDevice[] } | null {
  const library = loadFirst(koffi, [process.platform === 'win32' ? 'vulkan-1.dll' : 'libvulkan.so.1'])
  if (library === null) return null
  const info = Buffer.alloc(createInfo.bytes)
  info.writeUInt32LE(createInfo.type)
  const out = Buffer.alloc(8)
  const create = checked(library, 'vkCreateInstance', ['void *', 'void *', 'void *'], noDriver)
  if (create(info, null, out) === noDriver) return { devices: [] }
  const [count, list] = [Buffer.alloc(4), Buffer.alloc(8 * maxDevices)]
  count.writeUInt32LE(maxDevices)
  const enumerate = checked(library, 'vkEnumeratePhysicalDevices', ['void *', 'void *', 'void *'], incomplete)
  enumerate(out.readBigUInt64LE(), count, list)
  const read = library.func('vkGetPhysicalDeviceProperties', 'void', ['void *', 'void *'])
  const devices = Array.from({ length: Math.min(count.readUInt32LE(), maxDevices) }, (_, index) => {
    const bytes = Buffer.alloc(properties.bytes)
    read(list.readBigUInt64LE(8 * index), bytes)
    return {
      name: textIn(bytes.subarray(properties.name, properties.name + properties.nameBytes)),
      type: bytes.readUInt32LE(properties.type),
      vendor: bytes.readUInt32LE(properties.vendor),
    }
  })
  return { devices }
}
