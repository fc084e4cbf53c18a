export const Age = () => null
