import type { common as english } from '../en/common.ts'
import type { Message } from '../types.ts'

export const common = {
  add: 'افزودن',
  pause: 'توقف',
  resume: 'ادامه',
  cancel: 'لغو',
  retry: 'تلاش دوباره',
  remove: 'حذف',
  pauseAll: 'توقف همه',
  resumeAll: 'ادامهٔ همه',
  search: 'جستجو',
  settings: 'تنظیمات',
  statistics: 'آمار',
  close: 'بستن',
  save: 'ذخیره',
  reset: 'بازنشانی',
  back: 'بازگشت',
  more: 'بیشتر',
  copied: 'رونوشت شد',
  undo: 'واگرد',
  no: 'خیر',
  loading: 'در حال بارگذاری',
  unknown: 'نامعلوم',
  perSecond: '{size}/ث',
  brokenTitle: 'این بخش از صفحه از کار افتاد',
  brokenText:
    'دانلودها ادامه دارند؛ آن‌ها در سرویس اجرا می‌شوند، نه در این صفحه. برای دیدن دوباره، صفحه را از نو بار کنید.',
  reload: 'بارگذاری دوباره',
} satisfies Record<keyof typeof english, Message>
