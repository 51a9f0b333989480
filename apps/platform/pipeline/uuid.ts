/** A UUID as this platform writes them: lower case, with hyphens. What is none names no row. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
