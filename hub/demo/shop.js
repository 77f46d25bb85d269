// What lies in the bag, for as long as the page is open.
const count = document.querySelector("#count");

for (const button of document.querySelectorAll("button[data-added]")) {
  button.addEventListener("click", () => {
    button.classList.add("added");
    button.textContent = button.getAttribute("data-added");
    if (count) count.textContent = String(document.querySelectorAll(".added").length);
  });
}
