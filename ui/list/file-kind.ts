export type FileKind = 'archive' | 'audio' | 'disk' | 'file' | 'image' | 'model' | 'program' | 'text' | 'video'

const types: Readonly<Record<Exclude<FileKind, 'file'>, string>> = {
  archive: '7z br bz2 gz lz4 rar tar tar.br tar.bz2 tar.gz tar.lz tar.xz tar.zst tgz txz xz zip zst',
  audio: 'aac aiff flac m4a mid mp3 oga ogg opus wav wma',
  disk: 'dmg img iso qcow2 vdi vhd vhdx vmdk wim',
  image: 'avif bmp gif heic ico jpeg jpg jxl png psd raw svg tif tiff webp',
  model: 'bin ckpt ggml gguf h5 model npz onnx pb pt pth safetensors tflite',
  program: 'apk appimage deb exe flatpak jar llama msi msix pkg rpm run snap',
  text: 'csv doc docx epub htm html json log md odt parquet pdf ppt pptx rtf tex txt xls xlsx xml yaml yml',
  video: '3gp avi flv m2ts m4v mkv mov mp4 mpeg mpg ogv ts webm wmv',
}

const kinds = new Map(
  Object.entries(types).flatMap(([kind, list]) => list.split(' ').map((type) => [type, kind as FileKind] as const)),
)

/** What sort of file a type (extension in lower case, without its dot) is, for its icon. */
export function fileKind(type: string): FileKind {
  return kinds.get(type) ?? 'file'
}
