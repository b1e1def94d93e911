//! Properties of Contexts, which only packages of vendors have (H.248.1 6.1.1, version 3).

use codec_h248::{
    PackageItem, PropertyParm, ToBoundedStatic,
    package::{Access, ItemDefinition, ItemDetails, ItemKind, PropertyPlace},
};

use super::{Packages, properties::is_value};
use crate::{CommandError, gateway::items};

impl Packages {
    /// Takes the properties of a ContextAttr descriptor.
    pub(crate) fn of_context(
        &self,
        parms: &[PropertyParm<'_>],
    ) -> Result<Vec<PropertyParm<'static>>, CommandError> {
        let mut kept: Vec<PropertyParm<'static>> = Vec::new();
        for parm in parms {
            let name = || parm.name.to_static();
            let item = self.context_property(&parm.name)?;
            if let ItemDetails::Property { form, access, .. } = &item.details {
                if *access == Access::ReadOnly {
                    return Err(CommandError::ReadOnly(name()));
                }
                if !is_value(form, &parm.value) {
                    return Err(CommandError::PropertyValue(name()));
                }
            }
            let mut others = kept.iter();
            if others.any(|other| items::is_meant(ItemKind::Property, &other.name, &parm.name)) {
                return Err(CommandError::PropertyTwice(name()));
            }
            kept.push(parm.to_static());
        }
        Ok(kept)
    }

    /// Refuses what no Context has.
    pub(crate) fn check_of_context(&self, name: &PackageItem<'_>) -> Result<(), CommandError> {
        if name.item == "*" && (name.package == "*" || self.has_package(&name.package)) {
            return Ok(());
        }
        self.context_property(name).map(|_| ())
    }

    fn context_property(&self, name: &PackageItem<'_>) -> Result<&ItemDefinition, CommandError> {
        if !self.has_package(&name.package) {
            return Err(CommandError::NoSuchPackage(name.to_static()));
        }
        let found = self.vendor_item(ItemKind::Property, name);
        let found = found.ok_or_else(|| CommandError::NoSuchProperty(name.to_static()))?;
        if let ItemDetails::Property { place, .. } = &found.details
            && *place == PropertyPlace::ContextAttribute
        {
            return Ok(found);
        }
        Err(CommandError::IllegalProperty(name.to_static()))
    }
}
