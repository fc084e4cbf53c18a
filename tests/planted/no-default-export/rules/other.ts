const other = 1
export { other }
export { other as default } // ✗
