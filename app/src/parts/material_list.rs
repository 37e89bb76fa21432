//! The material lots something was made from, each with the record that says so.

use crate::{
    here::{href, role, said, tr},
    parts::{
        amount::quantity,
        cite::Cite,
        facts::Gap,
        icon::{Glyph, Icon},
        section::Nothing,
    },
};
use domain::{
    text::{Text, text},
    view::MaterialLine,
};
use leptos::prelude::*;

const SUPPLIER: Text = text("Supplier", "供应商");
const RECEIVED: Text = text("Received", "收货");
const USED: Text = text("Used", "用量");
const NOT_SHOWN: Text = text("Not shown to your role", "您的角色不可见");

/// The material lots of a list.
#[component]
pub fn MaterialList(
    /// The material lots.
    materials: Vec<MaterialLine>,
    /// What is said where there are none.
    none: Text,
) -> impl IntoView {
    if materials.is_empty() {
        return view! { <Nothing word=none/> }.into_any();
    }
    view! { <ul class="line-list material-list">{materials.into_iter().map(material).collect::<Vec<_>>()}</ul> }
        .into_any()
}

fn material(line: MaterialLine) -> impl IntoView {
    let class = match line.class {
        Some(class) => said(&class).into_any(),
        None => view! { <Gap required=true/> }.into_any(),
    };
    let supplier = match line.supplier {
        Some(supplier) => supplier.into_any(),
        None if role().is_some_and(|role| role.reads_suppliers()) => {
            view! { <Gap required=true/> }.into_any()
        }
        None => view! { <span class="hidden">{tr(NOT_SHOWN)}</span> }.into_any(),
    };
    let received = match line.received_on {
        Some(day) => view! { <time datetime=day.clone()>{day.clone()}</time> }.into_any(),
        None => view! { <Gap required=true/> }.into_any(),
    };
    let used = line.quantity.map(|q| view! { <div><dt>{tr(USED)}</dt><dd>{quantity(q)}</dd></div> });
    let detail = said(&line.material_lot.detail);
    view! {
        <li>
            <p class="class">{class}</p>
            <a class="name" href=href(&line.material_lot.subject)>
                <Icon glyph=Glyph::Material/>{line.material_lot.title}
            </a>
            {(!detail.is_empty()).then(|| view! { <p class="detail">{detail}</p> })}
            <dl>
                <div><dt>{tr(SUPPLIER)}</dt><dd>{supplier}</dd></div>
                <div><dt>{tr(RECEIVED)}</dt><dd>{received}</dd></div>
                {used}
            </dl>
            <p class="meta"><Cite entry=line.entry/></p>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::fixture::{self, html_as};
    use domain::person::Role;

    #[test]
    fn an_absent_supplier_is_a_gap_to_the_buyer_and_a_secret_to_the_warehouse() {
        let list = || view! { <MaterialList materials=vec![fixture::material(None)] none=NOT_SHOWN/> };
        let buyer = html_as(Role::Buyer, list);
        assert!(buyer.contains("Missing from the record") && !buyer.contains("Not shown"), "{buyer}");
        let warehouse = html_as(Role::Warehouse, list);
        assert!(warehouse.contains("Not shown to your role"), "{warehouse}");
    }
}
