// Filters the list while one types, and opens what an address points at. Without it the page says the same.
const find = document.querySelector('#find')
const folded = [...document.querySelectorAll('details')]

find.addEventListener('input', () => {
  const words = find.value.trim().toLowerCase().split(/\s+/)
  for (const one of folded) one.hidden = !words.every((word) => one.textContent.toLowerCase().includes(word))
})

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (target?.tagName === 'DETAILS') target.open = true
}

addEventListener('hashchange', openTarget)
openTarget()
