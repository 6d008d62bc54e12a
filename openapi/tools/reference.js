// Narrows the list at the side; the page is whole without it.
const field = document.querySelector("#filter");
field.hidden = false;
field.addEventListener("input", () => {
  const wanted = field.value.trim().toLowerCase();
  for (const entry of document.querySelectorAll("nav li[data-search]")) {
    entry.hidden = !entry.dataset.search.toLowerCase().includes(wanted);
  }
});
