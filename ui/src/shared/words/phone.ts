/** How to dial a number as somebody typed it, full width and with any dash: digits, and a plus at the beginning. */
export const dial = (phone: string): string =>
  `tel:${phone
    .normalize('NFKC')
    .replaceAll(/[^\d+]/g, '')
    .replaceAll(/(?<!^)\+/g, '')}`;
